// The theme follows the system until somebody chooses; the choice is a cookie, so that the server writes it into the page.
const YEAR_S = 365 * 24 * 3600;

export function offerThemes(): void {
  const choice = document.querySelector<HTMLSelectElement>("select[data-theme-choice]");
  if (!choice) return;
  choice.value = document.documentElement.dataset.theme ?? "";
  choice.addEventListener("change", () => {
    const theme = choice.value;
    document.cookie = `nous_theme=${theme}; path=/; max-age=${theme ? YEAR_S : 0}; samesite=lax`;
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
  });
}
