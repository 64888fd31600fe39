// Explore with script: the interval follows by itself, what stands outside the form belongs to it, views can be copied.
import { refresh } from './page.js'

document.documentElement.classList.add('scripted')
const kept = 'kept' in document.documentElement.dataset
const form = kept ? null : document.querySelector('#ask')
const PATIENCE = 250
const pasted = () => form.hasAttribute('data-live-post')
let later, stop

// What is shown is an address of its own, and so is the file that keeps it. A browser takes longer to note an address
// than to draw the answer, which comes first.
function shows(address) {
  requestAnimationFrame(() => setTimeout(() => {
    history.replaceState(null, '', address)
    const keep = document.querySelector('a[data-keep]')
    if (keep) keep.href = `/keep${address.replace(/#.*/, '')}`
  }))
}

// The second step: the same question once more, with what takes longer than an answer may.
function follow(address) {
  clearTimeout(later)
  stop?.abort()
  later = setTimeout(async () => {
    stop = new AbortController()
    try {
      await refresh(`${address}${address.includes('?') ? '&' : '?'}moves=1&interval=1`, document, stop.signal)
      form.dispatchEvent(new CustomEvent('settled', { bubbles: true }))
    } catch (error) {
      // A later answer has taken its place.
      if (error.name !== 'AbortError') throw error
    }
  }, PATIENCE)
}

// A deployment that was pasted is too long for an address: it is sent along each time.
async function send(more) {
  stop?.abort()
  const mine = (stop = new AbortController())
  const body = new URLSearchParams(new FormData(form))
  if (more) body.set('interval', '1')
  try {
    const answer = await fetch(form.action, { method: 'POST', body, signal: mine.signal })
    const told = new DOMParser().parseFromString(await answer.text(), 'text/html')
    for (const part of document.querySelectorAll('[data-part]')) {
      const fresh = told.querySelector(`[data-part="${part.dataset.part}"]`)
      if (fresh) part.replaceChildren(...fresh.childNodes)
    }
    const wrong = told.querySelector('.problems, .lines')
    document.querySelector('[data-problems]').replaceChildren(...(wrong ? [wrong] : []))
    if (!more && !wrong) later = setTimeout(() => send(true), PATIENCE)
  } catch (error) {
    if (error.name !== 'AbortError') throw error
  }
}

if (form) {
  // Single numbers with their sources stay as they are while answers move: they need not come again.
  form.elements.moves.disabled = false
  for (const button of document.querySelectorAll('[data-without-script]')) button.hidden = true
  for (const outside of document.querySelectorAll('select[form="ask"]')) {
    outside.addEventListener('input', () => form.dispatchEvent(new Event('input')))
  }
  if (pasted()) {
    form.addEventListener('input', () => { clearTimeout(later); send(false) })
    form.addEventListener('submit', event => {
      // What is taken away is a file, and no answer.
      if (event.submitter?.hasAttribute('formaction')) return
      event.preventDefault()
      clearTimeout(later)
      send(false)
    })
    later = setTimeout(() => send(true), PATIENCE)
  } else {
    form.addEventListener('input', () => { clearTimeout(later); stop?.abort() })
    form.addEventListener('answered', () => {
      const { address } = document.querySelector('#keep-link').dataset
      // What was refused is no view to come back to: the address stays that of the last answer.
      if (document.querySelector('[data-problems] .problems')) return
      shows(address)
      follow(address)
    })
    const { address } = document.querySelector('#keep-link').dataset
    if (!new URLSearchParams(location.search).has('interval')) {
      // A form that was sent holds every answer; the shortest address says the same.
      shows(address + location.hash)
      follow(address)
    }
  }
}

document.addEventListener('click', async event => {
  const button = event.target.closest('button')
  if (button?.hasAttribute('data-anew')) {
    // What is changed in the deployment itself changes the questions too: the page is asked for anew.
    event.preventDefault()
    form.elements.moves.disabled = true
    const asked = new URLSearchParams(new FormData(form))
    const answer = await (pasted() ? fetch(form.action, { method: 'POST', body: asked }) : fetch(`${form.action}?${asked}`))
    const wrong = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('.problems, .lines')
    if (!wrong) return form.submit()
    form.elements.moves.disabled = false
    document.querySelector('[data-changes-problems]').replaceChildren(wrong)
  }
  if (button?.dataset.put) {
    const changes = document.querySelector('#set')
    changes.value = [changes.value.trim(), button.dataset.put].filter(Boolean).join('\n')
    changes.focus()
  }
  if (button?.dataset.copy) {
    const from = document.querySelector(`#${button.dataset.copy}`)
    if (!from) return
    const text = from.dataset.address ? location.origin + from.dataset.address : from.textContent
    await navigator.clipboard.writeText(text)
    const said = document.querySelector('[data-copied]')
    said.textContent = said.dataset.copied
  }
})
