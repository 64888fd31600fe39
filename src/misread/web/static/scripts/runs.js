// While a run is under way, look again every two seconds. Bars move in place; only what has changed otherwise is put in
// anew, and only that, and each quarter of the way, is read out.

const PACE = 2000
const kept = 'kept' in document.documentElement.dataset
const part = (name, of = document) => of.querySelector(`[data-part="${name}"]`)
const lines = of => new Map([...(part('started', of)?.querySelectorAll('[data-run]') ?? [])].map(li => [li.dataset.run, li]))
const underWay = of => [...lines(of).values()].some(li => li.dataset.state === 'under way')
const states = of => [...lines(of)].map(([run, li]) => `${run} ${li.dataset.state}`).join()
const share = li => li.querySelector('progress')?.value ?? 100

// What is worth hearing of: another state, another quarter.
function news(before, now) {
  const said = []
  for (const [run, li] of lines(now)) {
    const was = lines(before).get(run)
    const quarter = Math.floor(share(li) / 25)
    if (was && was.dataset.state === li.dataset.state && Math.floor(share(was) / 25) === quarter) continue
    said.push(`${li.querySelector('code').textContent}: ${li.querySelector('[data-said]').textContent}`)
  }
  return said.join(' ')
}

function move(now) {
  const fresh = lines(now)
  for (const [run, li] of lines(document)) {
    const bar = li.querySelector('progress')
    if (!bar) continue
    bar.value = share(fresh.get(run))
    li.querySelector('[data-said]').textContent = fresh.get(run).querySelector('[data-said]').textContent
  }
}

function putIn(now) {
  const held = document.activeElement?.closest('[data-part]')
  for (const name of ['started', 'kept', 'choices']) {
    // A list from which somebody is just choosing is left alone.
    if (name === 'choices' && held === part(name)) continue
    part(name).replaceChildren(...part(name, now).childNodes)
  }
  if (held && !document.activeElement.closest('[data-part]')) {
    const heading = held.querySelector('h2')
    heading?.setAttribute('tabindex', '-1')
    heading?.focus()
  }
}

async function again() {
  let going = true
  try {
    const answer = await fetch('/runs', { headers: { accept: 'text/html' } })
    const now = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const said = news(document, now)
    if (states(document) === states(now)) move(now)
    else putIn(now)
    if (said) document.querySelector('[data-news]').textContent = said
    going = underWay(document)
  } catch {
    // The server may be busy, or gone: what is shown stays.
  }
  if (going) setTimeout(again, PACE)
}

if (!kept && underWay(document)) {
  for (const link of document.querySelectorAll('.look-again')) link.hidden = true
  setTimeout(again, PACE)
}
