// Another child without leaving the page, and the whole school as soon as the child is there. Without this script all of
// it are links.
import { refresh } from './page.js'

const busy = new WeakMap()
const kept = 'kept' in document.documentElement.dataset

// What is kept, and taken, is what is shown: with what has been counted meanwhile.
function keepWhatIsShown(address) {
  const keep = document.querySelector('a[data-keep]')
  if (keep) keep.href = `/keep/map${new URL(address, location.href).search}`
}

async function load(link) {
  const section = link.closest('[data-count]')
  const status = section.querySelector('[role=status]')
  const said = status.textContent
  status.textContent = `${status.dataset.counting} ${said}`
  link.hidden = true
  const began = Date.now()
  const clock = setInterval(() => {
    status.textContent = `${status.dataset.counting} ${Math.round((Date.now() - began) / 1000)} s. ${said}`
  }, 5000)
  const stop = new AbortController()
  busy.set(section, stop)
  try {
    if (await refresh(link.href, only(section), stop.signal)) return keepWhatIsShown(link.href)
    status.textContent = status.dataset.failed
    link.hidden = false
  } catch (error) {
    if (error.name !== 'AbortError') throw error
  } finally {
    clearInterval(clock)
  }
}

// Only this section is put in: the rest of the page has not been asked about.
function only(section) {
  return { querySelectorAll: () => [section], querySelector: () => null }
}

// What is still being counted is of the child before.
function stopAll() {
  for (const section of document.querySelectorAll('[data-count]')) busy.get(section)?.abort()
}

function whole() {
  const link = document.querySelector('[data-count=school] a[data-load]')
  if (link) load(link)
}

async function follow(event) {
  const link = event.target.closest('a[data-swap], a[data-load]')
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return
  event.preventDefault()
  if (link.hasAttribute('data-load')) return load(link)
  const main = document.getElementById('main')
  const place = [...document.querySelectorAll('a[data-swap]')].indexOf(link)
  main.setAttribute('aria-busy', 'true')
  stopAll()
  try {
    if (await refresh(link.href)) {
      history.replaceState(null, '', link.href)
      keepWhatIsShown(link.href)
    }
  } finally {
    main.removeAttribute('aria-busy')
  }
  document.querySelectorAll('a[data-swap]')[place]?.focus()
  whole()
}

if (!kept) {
  document.addEventListener('click', follow)
  document.addEventListener('answered', event => {
    stopAll()
    keepWhatIsShown(event.detail.address)
    whole()
  })
  whole()
}
