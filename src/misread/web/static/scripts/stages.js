// One stage at a time, forward, back, or by itself once the reader starts it. The server has told all of them already;
// without this script they stand below one another. What takes every school year is asked for here, after the rest; a
// kept page has no server to ask, nor an address that could change.
import { refresh } from '/static/page.js'

const kept = 'kept' in document.documentElement.dataset
const onward = document.documentElement.dir === 'rtl' ? -1 : 1
const STAY = 7000 // milliseconds at a stage while it plays
const steps = document.querySelector('[data-steps]')
const form = document.querySelector('form.choose')
const layout = document.querySelector('[data-layout]')
const button = name => document.querySelector(`button[data-${name}]`)
const said = steps.querySelector('[data-said]')
let at = 0
let single = true
let timer = 0
let working

const stages = () => [...document.querySelectorAll('[data-stages] > .stage')]
const place = id => stages().findIndex(stage => stage.id === id)

function show(index, { tell = true, keep = true } = {}) {
  const all = stages()
  layout.hidden = all.length === 0
  steps.hidden = !single || all.length === 0
  if (!all.length) return
  at = Math.max(0, Math.min(all.length - 1, index))
  document.querySelector('[data-stages]').classList.toggle('one-at-a-time', single)
  all.forEach((stage, i) => {
    stage.hidden = single && i !== at
    stage.classList.toggle('arrives', tell && single && i === at)
  })
  document.querySelectorAll('.way a').forEach((link, i) => {
    link.classList.toggle('passed', single && i < at)
    if (single && i === at) link.setAttribute('aria-current', 'step')
    else link.removeAttribute('aria-current')
  })
  button('back').disabled = at === 0
  button('next').disabled = at === all.length - 1
  for (const link of document.querySelectorAll('a[data-keeps-stage]')) link.hash = single && at ? all[at].id : ''
  if (tell && single) {
    const { top } = all[at].getBoundingClientRect()
    if (top < 0 || top > innerHeight / 2) all[at].scrollIntoView()
  }
  if (tell) said.textContent = all[at].querySelector('h2').textContent.trim().replace(/\s+/g, ' ')
  if (keep && !kept) history.replaceState(null, '', `${location.pathname}${location.search}${single ? `#${all[at].id}` : ''}`)
}

function play(on) {
  clearInterval(timer)
  timer = on ? setInterval(() => (at < stages().length - 1 ? show(at + 1) : play(false)), STAY) : 0
  button('play').setAttribute('aria-pressed', String(on))
  button('play').querySelector('[data-plays]').hidden = on
  button('play').querySelector('[data-pauses]').hidden = !on
}

function busy(on) {
  for (const waiting of document.querySelectorAll('.waiting')) {
    waiting.setAttribute('aria-busy', String(on))
    waiting.querySelector('[data-busy]').hidden = !on
    waiting.querySelector('[data-all-years]').hidden = on
  }
}

// What is kept is what is shown.
function keeps({ pathname, search }) {
  const keep = document.querySelector('a[data-keep]')
  if (keep) keep.href = `/keep${pathname}${search}`
}

async function allYears() {
  working?.abort()
  const link = document.querySelector('a[data-all-years]')
  if (!link) return
  const mine = (working = new AbortController())
  busy(true)
  try {
    if (!(await refresh(link.href.split('#')[0], document, mine.signal))) return busy(false)
    keeps(link)
    show(at, { tell: false, keep: false })
  } catch (error) {
    // Somebody else is followed by now; or the link is still there to be pressed.
    if (error.name !== 'AbortError') busy(false)
  }
}

button('next').addEventListener('click', () => { play(false); show(at + 1) })
button('back').addEventListener('click', () => { play(false); show(at - 1) })
button('play').addEventListener('click', () => {
  const begins = !timer
  if (begins && at === stages().length - 1) show(0)
  play(begins)
})
button('all').addEventListener('click', () => {
  single = !single
  play(false)
  button('all').querySelector('[data-below]').hidden = !single
  button('all').querySelector('[data-single]').hidden = single
  show(at, { tell: false })
})

document.addEventListener('keydown', event => {
  if (!single || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
  if (event.target.closest('input, select, textarea, summary, .scroll')) return
  const way = { ArrowRight: onward, ArrowLeft: -onward }[event.key]
  if (!way) return
  event.preventDefault()
  play(false)
  show(at + way)
})

document.addEventListener('click', event => {
  const link = event.target.closest('.way a')
  if (!link || !single) return
  event.preventDefault()
  play(false)
  show(place(link.hash.slice(1)))
  stages()[at].querySelector('h2').focus({ preventScroll: true })
})

addEventListener('hashchange', () => { const i = place(location.hash.slice(1)); if (i >= 0) show(i, { keep: false }) })
form?.addEventListener('input', () => working?.abort())
form?.addEventListener('answered', () => { keeps(location); show(at, { tell: false }); allYears() })

show(Math.max(0, place(location.hash.slice(1))), { tell: false, keep: false })
if (!kept) allYears()
