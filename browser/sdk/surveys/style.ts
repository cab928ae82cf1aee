// How a survey looks on a page; its tokens (`--s-…`) come with each survey.
export const style = `
:host{all:initial}
.survey{--s-line:color-mix(in srgb,var(--s-ink) 55%,var(--s-background));position:fixed;z-index:2147483000;box-sizing:border-box;width:min(400px,calc(100vw - 32px));max-height:calc(100vh - 32px);overflow:auto;padding:20px;border:1px solid var(--s-line);border-radius:var(--s-radius);background:var(--s-background);color:var(--s-ink);font:16px/1.5 system-ui,sans-serif;text-align:start;box-shadow:0 8px 32px #0003}
.bottom-right{right:16px;bottom:16px}
.bottom-left{left:16px;bottom:16px}
.middle{top:50%;left:50%;translate:-50% -50%}
h2{margin:0 32px 12px 0;font-size:18px;line-height:1.35;font-weight:640;outline:0;overflow-wrap:anywhere}
[dir=rtl] h2{margin:0 0 12px 32px}
p{margin:8px 0}
.small{color:color-mix(in srgb,var(--s-ink) 78%,var(--s-background));font-size:14px}
.marks{display:grid;grid-template-columns:repeat(auto-fit,minmax(44px,1fr));gap:6px}.marks:has(:nth-child(11)){grid-template-columns:repeat(6,minmax(0,1fr))}
label{position:relative;display:flex;align-items:center;min-height:44px;border:1px solid var(--s-line);border-radius:var(--s-radius);cursor:pointer}
.marks label{justify-content:center;font-weight:600;font-variant-numeric:tabular-nums}
.choices label{gap:12px;margin-top:6px;padding:6px 12px}
.choices input{flex:none;width:20px;height:20px;margin:0;accent-color:var(--s-accent)}
.marks input{position:absolute;inset:0;width:100%;height:100%;margin:0;opacity:0;cursor:pointer}
label:hover{border-color:var(--s-ink)}
label:has(:checked){border-color:var(--s-accent);box-shadow:inset 0 0 0 1px var(--s-accent)}
.marks label:has(:checked){background:var(--s-accent);color:var(--s-on-accent)}
label:has(:focus-visible),textarea:focus-visible,button:focus-visible{outline:3px solid var(--s-ink);outline-offset:2px}
.ends{display:flex;justify-content:space-between;gap:16px;font-size:14px}
.ends span:last-child{text-align:end}
textarea{box-sizing:border-box;width:100%;padding:10px;border:1px solid var(--s-line);border-radius:var(--s-radius);background:var(--s-background);color:var(--s-ink);font:inherit}
button{border:0;border-radius:var(--s-radius);font:inherit;cursor:pointer}
.send{min-height:44px;margin-top:12px;padding:0 24px;background:var(--s-accent);color:var(--s-on-accent);font-weight:600}
.close{position:absolute;top:10px;inset-inline-end:10px;width:36px;height:36px;background:none;color:var(--s-ink);font-size:22px;line-height:1}
.close:hover{background:color-mix(in srgb,var(--s-ink) 10%,var(--s-background))}
.trouble:empty{display:none}
.trouble{padding-inline-start:12px;border-inline-start:3px solid var(--s-accent);font-weight:600}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
@media (prefers-reduced-motion:no-preference){.survey{animation:come .15s ease-out}@keyframes come{from{opacity:0}}}
@media (forced-colors:active){.marks label:has(:checked){outline:3px solid Highlight}}
`;
