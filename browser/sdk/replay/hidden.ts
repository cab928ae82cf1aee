/** A text of which only the shape is left. */
export const hidden = (text: string): string => text.replace(/\S/g, "*");
