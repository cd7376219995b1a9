/** Style of the interactive reference. */
export const REFERENCE_STYLE = `
:root{color-scheme:light dark;--line:#8884;--soft:#8881;--accent:#2563eb}
*{box-sizing:border-box}
body{font:15px/1.5 system-ui,sans-serif;margin:0 auto;max-width:72rem;padding:1rem}
h1{font-size:1.5rem;margin:.5rem 0}h2{font-size:1.15rem;margin:2rem 0 .5rem}h3{font-size:.95rem;margin:1rem 0 .3rem}
code,pre,textarea,input{font:13px/1.5 ui-monospace,monospace}
pre,textarea{background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:.6rem;overflow:auto;width:100%;margin:.3rem 0}
textarea{min-height:8rem;resize:vertical}
input{background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:.35rem .5rem;max-width:100%}
button{font:inherit;border:1px solid var(--accent);background:var(--accent);color:#fff;border-radius:6px;padding:.35rem .9rem;cursor:pointer}
details{border:1px solid var(--line);border-radius:8px;margin:.4rem 0}
summary{cursor:pointer;padding:.5rem .75rem;display:flex;gap:.75rem;align-items:baseline;flex-wrap:wrap}
summary span{opacity:.75}details>div{padding:0 .75rem .75rem}
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid var(--line);padding:.25rem .5rem .25rem 0;text-align:left;vertical-align:top}
.method{font-weight:600;min-width:4.2rem}.GET{color:#059669}.POST{color:#2563eb}.PATCH{color:#b45309}.DELETE{color:#dc2626}
.bar{position:sticky;top:0;background:Canvas;padding:.5rem 0;border-bottom:1px solid var(--line);display:flex;gap:.75rem;flex-wrap:wrap;align-items:end}
label{display:flex;flex-direction:column;font-size:.8rem;gap:.15rem}
`;
