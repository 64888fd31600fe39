// Forms marked data-live answer as they are changed: the same address is asked again, and what is marked data-part in
// its answer takes the place of what is there. Without this script the form is sent as any other.

const waiting = new WeakMap()

function addressOf(form) {
  const asked = new URLSearchParams()
  for (const [name, value] of new FormData(form)) if (value !== '') asked.append(name, value)
  return `${form.getAttribute('action') || location.pathname}?${asked}`
}

export async function refresh(address, scope = document, signal = undefined) {
  const answer = await fetch(address, { headers: { accept: 'text/html' }, signal })
  const told = new DOMParser().parseFromString(await answer.text(), 'text/html')
  for (const part of scope.querySelectorAll('[data-part]')) {
    const fresh = told.querySelector(`[data-part="${part.dataset.part}"]`)
    // What stays as it is need not be drawn again.
    if (fresh && !fresh.isEqualNode(part)) part.replaceChildren(...fresh.childNodes)
  }
  const wrong = told.querySelector('.problems')
  const place = scope.querySelector('[data-problems]')
  if (place) place.replaceChildren(...(wrong ? [wrong] : []))
  return answer.ok
}

async function ask(form) {
  waiting.get(form)?.abort()
  const stop = new AbortController()
  waiting.set(form, stop)
  const address = addressOf(form)
  form.setAttribute('aria-busy', 'true')
  try {
    // A page that knows a shorter address for what it shows says so itself.
    if (await refresh(address, document, stop.signal) && !form.hasAttribute('data-own-address')) {
      history.replaceState(null, '', address)
      const keep = document.querySelector('a[data-keep]')
      if (keep) keep.href = `/keep${address}`
    }
    form.dispatchEvent(new CustomEvent('answered', { bubbles: true, detail: { address } }))
  } catch (error) {
    // A later question has taken its place.
    if (error.name !== 'AbortError') throw error
  } finally {
    if (waiting.get(form) === stop) form.removeAttribute('aria-busy')
  }
}

// A kept page has no server to ask.
const live = 'kept' in document.documentElement.dataset ? [] : document.querySelectorAll('form[data-live]')
for (const form of live) {
  form.addEventListener('input', () => ask(form))
  form.addEventListener('submit', event => { event.preventDefault(); ask(form) })
  for (const button of form.querySelectorAll('[data-without-script]')) button.hidden = true
}
