// The intervals come when they are there. Without this script they are a link.
import { refresh } from './page.js'

let stop = new AbortController()

async function sure() {
  stop.abort()
  stop = new AbortController()
  const link = document.querySelector('a[data-sure]')
  if (!link) return
  const status = link.nextElementSibling
  status.textContent = status.dataset.counting
  link.hidden = true
  try {
    if (await refresh(link.href, document, stop.signal)) return
    status.textContent = status.dataset.failed
    link.hidden = false
  } catch (error) {
    if (error.name !== 'AbortError') throw error
  }
}

document.addEventListener('answered', event => {
  const keep = document.querySelector('a[data-keep]')
  if (keep) keep.href = `/keep${event.detail.address}`
})

document.addEventListener('click', event => {
  if (!event.target.closest('a[data-sure]') || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return
  event.preventDefault()
  sure()
})
