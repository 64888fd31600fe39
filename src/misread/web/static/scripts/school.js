// What is typed is answered as it is typed, by the same form; without this script it is sent by its buttons. Nothing is
// stored: no cookie, no storage, no address holds anything of it.

const form = document.querySelector('form[data-school]')
const leave = form.querySelector('a[data-leave]')
const shared = form.querySelector('[data-shared]')
const title = document.title
let stop = new AbortController()
// What was last said aloud: a screen reader hears a sentence once, and again only if it has changed.
let aloud = words()
// Whether something was typed that nobody has saved; and whether the page is being left on purpose.
let unsaved = false
let going = false

// Addresses that lead away are no links: whoever wants one takes it along, but not on a computer that others use.
function dressed() {
  for (const button of form.querySelectorAll('button[data-copy]')) button.hidden = shared.checked
  for (const one of form.querySelectorAll('[data-without-script]')) one.hidden = true
}

form.addEventListener('click', async event => {
  const button = event.target.closest('button[data-copy]')
  if (!button) return
  await navigator.clipboard.writeText(button.dataset.copy)
  button.textContent = button.dataset.done
})

function words() {
  return [...form.querySelectorAll('[data-said]')].map(one => one.textContent.trim()).join(' ')
}

function put(text) {
  const told = new DOMParser().parseFromString(text, 'text/html')
  // What takes the focus on a page of its own takes none while somebody types.
  for (const one of told.querySelectorAll('[autofocus]')) one.autofocus = false
  for (const part of form.querySelectorAll('[data-part]')) {
    const fresh = told.querySelector(`[data-part="${part.dataset.part}"]`)
    // What is typed into stays as it is while it has the same fields: whoever types loses neither place nor letter.
    if (!fresh || fresh.isEqualNode(part) || (part.dataset.shape ?? 0) === fresh.dataset.shape) continue
    part.replaceChildren(...fresh.childNodes)
    if (fresh.dataset.shape !== undefined) part.dataset.shape = fresh.dataset.shape
  }
  form.querySelector('[data-kept]').value = told.querySelector('[data-kept]')?.value ?? form.elements.kept.value
  dressed()
  if (words() !== aloud) form.querySelector('[data-aloud]').textContent = aloud = words()
  form.querySelector('[data-problems]').replaceChildren(...(told.querySelector('[data-problems]')?.childNodes ?? []))
}

async function ask(body = new FormData(form), headers = {}) {
  stop.abort()
  stop = new AbortController()
  form.setAttribute('aria-busy', 'true')
  try {
    const answer = await fetch(form.getAttribute('action'), { method: 'POST', body, headers, signal: stop.signal })
    // The page was left in another window: it is left here too.
    if (answer.redirected) return away()
    const text = await answer.text()
    // What never came to the page, such as a body that is too large, is answered in a plain sentence.
    if (/^text\/html/.test(answer.headers.get('content-type'))) put(text)
    else tell(text)
  } catch (error) {
    // A later question has taken its place.
    if (error.name !== 'AbortError') throw error
  } finally {
    form.removeAttribute('aria-busy')
  }
}

function tell(text) {
  const said = document.createElement('p')
  said.textContent = text
  form.querySelector('[data-problems]').replaceChildren(said)
}

dressed()

// One question after a pause, not one a letter.
let pause = 0
function soon() {
  clearTimeout(pause)
  pause = setTimeout(ask, 250)
}

for (const live of form.querySelectorAll('[data-live]')) live.addEventListener('input', soon)

// What was typed before this script came, on a slow computer, is answered as well.
const early = [...form.querySelectorAll('[data-live] :is(input, textarea)')].some(one =>
  one.type !== 'hidden' && (one.value !== one.defaultValue || one.checked !== one.defaultChecked))
if (early) {
  unsaved = true
  soon()
}

form.addEventListener('input', event => {
  if (!['shared', 'place', 'fact'].includes(event.target.name)) unsaved = true
})

// A file is sent as it is, behind one line of what else the form holds: it is read from the disk as it goes, whole in no
// place but the one that reads it.
async function look(file) {
  const fields = {}
  for (const [name, value] of new FormData(form)) {
    if (typeof value === 'string') (fields[name] ??= []).push(value)
  }
  const head = JSON.stringify({ name: file.name, fields: Object.entries(fields) })
  const status = form.querySelector('[data-reading]')
  const { most, tooLarge } = form.querySelector('[data-raw]').dataset
  if (file.size > Number(most)) {
    status.textContent = tooLarge
    return
  }
  status.textContent = status.dataset.words
  await ask(new Blob([`${head}\n`, file]), { 'content-type': 'application/x-misread-file' })
  status.textContent = ''
  const found = form.querySelector('.problems, [data-found]')
  found?.scrollIntoView()
  found?.focus({ preventScroll: true })
}

form.addEventListener('submit', event => {
  clearTimeout(pause)
  const file = event.submitter?.hasAttribute('data-check') ? form.querySelector('[data-raw]').files[0] : undefined
  if (file) {
    event.preventDefault()
    look(file)
    return
  }
  // To another step, or to a file: what was typed goes along.
  if (event.submitter?.hasAttribute('data-saves')) unsaved = false
  going = true
  setTimeout(() => { going = false }, 1000)
})

// Whoever goes back finds nothing that the browser has set aside.
addEventListener('pagehide', () => form.replaceChildren())
addEventListener('pageshow', event => { if (event.persisted) location.reload() })

addEventListener('beforeunload', event => { if (unsaved && !going) event.preventDefault() })

function away() {
  going = true
  stop.abort()
  form.replaceChildren()
  document.title = ''
  location.replace(leave.href)
}
leave.addEventListener('click', event => { event.preventDefault(); away() })

let escaped = -Infinity
addEventListener('keydown', event => {
  if (event.key !== 'Escape') return
  if (event.timeStamp - escaped < 1500) away()
  escaped = event.timeStamp
})

shared.addEventListener('change', () => {
  dressed()
  document.title = shared.checked ? form.dataset.neutral : title
  form.autocomplete = shared.checked ? 'off' : 'on'
})
