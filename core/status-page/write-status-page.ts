import { momentInZone, type PublicStatus, stateWords, verificationWords } from './public-status'

/** The status page as one document that needs no script, no sign-in and nothing from elsewhere. */
export function writeStatusPage({ name, state, lastGood, nextAt, timeZone }: PublicStatus, now: Date): string {
  const { word, meaning } = stateWords[state]
  const rows = [
    ['Last good backup', lastGood ? timeOf(lastGood.at, timeZone) : 'None'],
    ['Verified', lastGood ? verificationWords[lastGood.verification] : 'Nothing to verify'],
    ['Next backup', nextAt ? timeOf(nextAt, timeZone) : 'None planned'],
  ]
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>Backups of ${escaped(name)}: ${word}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Backups of <bdi>${escaped(name)}</bdi></h1>
<p class="state ${state.replace(' ', '-')}">${word}</p>
<p>${meaning}</p>
<dl>
${rows.map(([term, value]) => `<div><dt>${term}</dt><dd>${value}</dd></div>`).join('\n')}
</dl>
<p class="quiet">As of ${timeOf(now, timeZone)}, by Talekeeper.</p>
</main>
</body>
</html>
`
}

const style = `
:root{color-scheme:light dark;--page:#f8f9fb;--card:#fff;--text:#101828;--quiet:#475467;--line:#d0d5dd;--good:#067647;--risk:#b54708;--bad:#b42318}
@media (prefers-color-scheme:dark){:root{--page:#0c111d;--card:#161b26;--text:#f2f4f7;--quiet:#b4bcc9;--line:#333a47;--good:#47cd89;--risk:#fdb022;--bad:#fda29b}}
body{margin:0;padding:2rem 1rem;background:var(--page);color:var(--text);font:1rem/1.5 system-ui,sans-serif}
main{max-width:34rem;margin:0 auto;padding:1.5rem;background:var(--card);border:1px solid var(--line);border-radius:1rem;overflow-wrap:anywhere}
h1{margin:0;font-size:1.125rem}
.state{margin:.75rem 0 0;font-size:2rem;font-weight:700;line-height:1.2}
.state::first-letter{text-transform:uppercase}
.protected{color:var(--good)}.at-risk{color:var(--risk)}.unprotected{color:var(--bad)}.paused{color:var(--quiet)}
dl div{padding:.75rem 0;border-top:1px solid var(--line)}
dt,.quiet{color:var(--quiet);font-size:.875rem}
dd{margin:0}
`

function timeOf(at: Date, timeZone: string): string {
  return `<time datetime="${at.toISOString()}">${momentInZone(at, timeZone)}</time>`
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
