// The closed classroom in motion, by the reader only: play, pause, step, back, a slider, another child, another reader.
// Every look is drawn by the server; this puts it in the place of the one before. Without this script all of it are
// links. A kept page stands still: the day's pictures are many times larger than one file should be.
import { refresh } from './page.js'

const kept = 'kept' in document.documentElement.dataset
const onward = document.documentElement.dir === 'rtl' ? -1 : 1
const closed = document.querySelector('[data-closed]')
const TICK = 1500

if (closed && !kept) start()

function start() {
  const last = Number(closed.dataset.last)
  const slider = closed.querySelector('input[type=range]')
  const play = closed.querySelector('[data-play]')
  const said = closed.querySelector('[data-said]')
  let at = Number(closed.dataset.at)
  let playing = false
  let working = new AbortController()

  async function show(address) {
    working.abort()
    const mine = (working = new AbortController())
    const focus = whereFocusIs()
    closed.setAttribute('aria-busy', 'true')
    try {
      if (await refresh(address, document, mine.signal)) shown(new URL(address, location.href), focus)
      else location.assign(address)
    } catch (error) {
      // A later question has taken its place.
      if (error.name !== 'AbortError') throw error
    } finally {
      if (working === mine) closed.removeAttribute('aria-busy')
    }
  }

  function shown(address, focus) {
    const { picture, time, at: now } = closed.querySelector('[data-picture]').dataset
    // The picture before stays until this one is there.
    closed.querySelector('[data-look]').src = picture
    slider.value = at = Number(now)
    slider.setAttribute('aria-valuetext', time)
    history.replaceState(null, '', address)
    // What is taken or kept, and what the form sends on, is what is shown.
    for (const link of document.querySelectorAll('.take a, a[data-keep]')) link.search = address.search
    for (const field of closed.querySelectorAll('form input[type=hidden]')) {
      field.value = address.searchParams.get(field.name) ?? field.value
    }
    if (focus) document.querySelector(focus)?.focus({ preventScroll: true })
  }

  const look = to => {
    const address = new URL(location.href)
    address.hash = ''
    address.searchParams.set('at', Math.max(0, Math.min(last, to)))
    return show(address.href)
  }

  async function go() {
    while (playing && at < last) {
      const began = Date.now()
      await look(at + 1)
      await new Promise(wait => setTimeout(wait, Math.max(200, TICK - (Date.now() - began))))
    }
    if (playing) told(false)
  }

  function told(on) {
    playing = on
    said.setAttribute('aria-live', on ? 'off' : 'polite')
    for (const face of play.querySelectorAll('[data-playing]')) face.hidden = (face.dataset.playing === 'yes') !== on
  }

  function step(to) {
    if (playing) told(false)
    look(to)
  }

  // Where the picture is wider than the screen, its middle is seen first: there they sit.
  const room = closed.querySelector('.look')
  room.scrollLeft = (room.scrollWidth - room.clientWidth) / 2

  play.hidden = false
  play.addEventListener('click', async () => {
    told(!playing)
    if (playing && at === last) await look(0)
    go()
  })
  for (const link of closed.querySelectorAll('a[data-step]')) link.hidden = true
  for (const button of closed.querySelectorAll('button[data-step]')) {
    button.hidden = false
    button.addEventListener('click', () => step(at + Number(button.dataset.step)))
  }
  slider.addEventListener('input', () => step(Number(slider.value)))
  slider.form.addEventListener('submit', event => event.preventDefault())
  closed.querySelector('[data-closed-without-script]').hidden = true

  // No key is taken from what uses it itself: a control, or what scrolls.
  document.addEventListener('keydown', event => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    if (event.target.closest('input, select, textarea, summary, .scroll')) return
    const way = { ArrowLeft: -onward, ArrowRight: onward }[event.key]
    if (!way) return
    event.preventDefault()
    step(at + way)
  })

  closed.addEventListener('click', event => {
    const link = event.target.closest('a[data-go], .child a')
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return
    event.preventDefault()
    show(link.getAttribute('href').split('#')[0])
  })
}

// What is put in anew has another element in the place of the one that had the focus.
function whereFocusIs() {
  const held = document.activeElement
  const pupil = held?.closest('[data-pupil]')
  if (pupil) return `${pupil.closest('svg') ? '.over' : '.child'} [data-pupil="${pupil.dataset.pupil}"]`
  const reader = held?.closest('[data-reader]')
  if (reader) return `[data-reader="${reader.dataset.reader}"]`
  return held?.closest('#sent-list a') ? '#sent-list a' : ''
}
