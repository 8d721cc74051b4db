/** The style sheet of the reference pages: one column on a phone, two on a desktop, light or dark as the reader prefers. */
export const STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1a1a1a, #e6e6e6); --page: light-dark(#fff, #16181c); --faint: light-dark(#666, #9aa0a6);
  --line: light-dark(#ddd, #33373d); --link: light-dark(#0b57d0, #8ab4f8); --code: light-dark(#f3f4f6, #23262b); }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1rem; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
code { background: var(--code); border-radius: 3px; padding: 0.1em 0.3em; font: 0.9em ui-monospace, monospace; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
th, td { border-top: 1px solid var(--line); padding: 0.4rem 0.6rem 0.4rem 0; text-align: left; vertical-align: top; font-weight: normal; }
table table { margin-top: 0.4rem; border-left: 2px solid var(--line); }
table table th { padding-left: 0.6rem; }
section { border-top: 1px solid var(--line); padding: 0.5rem 0 1rem; }
h3 { overflow-wrap: anywhere; }
small, .type { color: var(--faint); }
summary { cursor: pointer; color: var(--faint); }
nav ul, .apis { list-style: none; padding: 0; }
.method { font: 0.8em ui-monospace, monospace; border: 1px solid var(--line); border-radius: 3px; padding: 0.1em 0.4em; }
@media (min-width: 60rem) {
  body:has(nav) { display: grid; grid-template-columns: 16rem minmax(0, 1fr); gap: 2rem; }
  nav { position: sticky; top: 1rem; align-self: start; max-height: calc(100vh - 2rem); overflow-y: auto; font-size: 0.9rem; }
}
`;
