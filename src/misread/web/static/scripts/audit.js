// A file is looked at as soon as it is chosen, and audited when somebody has said what its columns mean; it stays chosen,
// and is sent anew each time, since nobody keeps it. Without this script the form is sent by its buttons.

const form = document.querySelector('form[data-audit]')
const file = form?.elements.file
let stop = new AbortController()

function dressed() {
  for (const one of document.querySelectorAll('[data-without-script]')) one.hidden = true
}

function put(text) {
  const told = new DOMParser().parseFromString(text, 'text/html')
  // What takes the focus on a page of its own is given it below.
  for (const one of told.querySelectorAll('[autofocus]')) one.autofocus = false
  // The columns are no part that an example takes the place of: who looks at one has still said what they mean.
  for (const place of ['[data-asked]', '[data-part]']) {
    document.querySelector(place).replaceChildren(...(told.querySelector(place)?.childNodes ?? []))
  }
  form.querySelector('[data-problems]').replaceChildren(...(told.querySelector('form[data-audit] [data-problems]')?.childNodes ?? []))
  // What is wrong with the file stands beside its field, which itself stays as it is: it holds the file.
  const wrong = told.getElementById('wrong-file')
  document.getElementById('wrong-file')?.remove()
  if (wrong) file.after(wrong)
  for (const name of ['aria-invalid', 'aria-describedby']) {
    if (wrong) file.setAttribute(name, name === 'aria-invalid' ? 'true' : 'wrong-file')
    else file.removeAttribute(name)
  }
  dressed()
  // What came of a file has no address: it is taken away by its own buttons.
  const keep = document.querySelector('a[data-keep]')
  if (keep) keep.parentElement.hidden = true
  document.getElementById('example').value = ''
  const next = form.querySelector('[data-wrong]') ?? document.querySelector('[data-found]') ?? form.querySelector('[data-columns]')
  next?.scrollIntoView()
  next?.focus({ preventScroll: true })
}

function tell(text) {
  const said = document.createElement('p')
  said.tabIndex = -1
  said.textContent = text
  form.querySelector('[data-problems]').replaceChildren(said)
  said.scrollIntoView()
  said.focus({ preventScroll: true })
}

// That it is being read stands beside what was pressed, with the seconds since then where that takes long.
let clock = 0

function reading(words) {
  clearInterval(clock)
  const since = Date.now()
  for (const one of form.querySelectorAll('[data-reading]')) one.textContent = words
  for (const one of form.querySelectorAll('[data-seconds]')) one.textContent = ''
  if (words) {
    clock = setInterval(() => {
      for (const one of form.querySelectorAll('[data-seconds]')) one.textContent = `${Math.round((Date.now() - since) / 1000)} s`
    }, 1000)
  }
}

// A file is sent as it is, behind one line of what else the form holds. Of a file that was just chosen nobody has said
// yet what its columns mean.
async function send(fresh) {
  const chosen = file.files[0]
  const status = form.querySelector('[data-words]')
  if (chosen && chosen.size > Number(file.dataset.most)) {
    stop.abort()
    done()
    status.textContent = file.dataset.tooLarge
    return
  }
  const fields = {}
  for (const [name, value] of fresh ? [] : new FormData(form)) {
    if (typeof value === 'string') (fields[name] ??= []).push(value)
  }
  const head = JSON.stringify({ name: chosen?.name ?? '', fields: Object.entries(fields) })
  const asked = chosen
    ? { body: new Blob([`${head}\n`, chosen]), headers: { 'content-type': 'application/x-misread-file' } }
    : { body: new FormData(form) }
  stop.abort()
  stop = new AbortController()
  reading(status.dataset.words)
  form.setAttribute('aria-busy', 'true')
  try {
    const answer = await fetch(form.action, { method: 'POST', signal: stop.signal, ...asked })
    const text = await answer.text()
    // What never came to the page, such as a body that is too large, is answered in a plain sentence.
    if (/^text\/html/.test(answer.headers.get('content-type'))) put(text)
    else tell(text)
    done()
  } catch (error) {
    // A later question has taken its place.
    if (error.name === 'AbortError') return
    done()
    if (!(error instanceof TypeError)) throw error
    tell(status.dataset.lost)
  }
}

function done() {
  reading('')
  form.removeAttribute('aria-busy')
}

addEventListener('answered', () => {
  const keep = document.querySelector('a[data-keep]')
  if (keep) keep.parentElement.hidden = false
})

if (form) {
  dressed()
  file.addEventListener('change', () => { if (file.files.length) send(true) })
  form.addEventListener('submit', event => { event.preventDefault(); send(false) })
  // A file that was chosen before this script came.
  if (file.files.length && !form.querySelector('[data-columns]')) send(true)
}
