// The glass classroom in motion, by the reader only: play, pause, step, back, a slider. All of the day is in the page:
// each child carries its moods and labels, the list of moments says what is true of each. Without this script there are
// links in place of the buttons, and the server draws each moment. A kept page goes on moving; it has no server to ask,
// nor an address that could change, but the files of all its children.

const kept = 'kept' in document.documentElement.dataset
const onward = document.documentElement.dir === 'rtl' ? -1 : 1
const glass = document.querySelector('[data-glass]')
const SVG = 'http://www.w3.org/2000/svg'
const TICK = 1500
const SIGNS = { wrong: '✕ ', right: '✓ ', quiet: '', unseen: '' }
const JUDGED = { w: 'wrong', r: 'right', q: 'quiet', u: 'unseen' }

if (glass) start()

function start() {
  const last = Number(glass.dataset.last)
  const slider = glass.querySelector('input[type=range]')
  const play = glass.querySelector('[data-play]')
  const said = glass.querySelector('[data-said]')
  const moments = [...glass.querySelectorAll('[data-moments] li')]
  const children = [...glass.querySelectorAll('.child')].map(readChild)
  const messages = [...glass.querySelectorAll('[data-messages] > li')]
  const words = { wrong: glass.dataset.wrong, right: glass.dataset.right }
  let at = Number(glass.dataset.at)
  let ticking = 0

  function show(to) {
    at = Math.max(0, Math.min(last, to))
    for (const child of children) if (child.moods.length > at) draw(child, at, words)
    const [sentence, sent] = moments[at].querySelectorAll('span')
    said.textContent = sentence.textContent
    glass.querySelector('[data-sent]').textContent = sent.textContent
    slider.value = at
    slider.setAttribute('aria-valuetext', moments[at].dataset.time)
    let beside = Number(glass.querySelector('[data-messages]').dataset.side)
    for (const message of messages) message.hidden = Number(message.dataset.at) > at || beside-- <= 0
    grow(at)
    address({ at })
  }

  function address(changed) {
    if (kept) return
    const here = new URL(location.href)
    for (const [name, value] of Object.entries(changed)) here.searchParams.set(name, value)
    history.replaceState(null, '', here)
    for (const link of glass.querySelectorAll('.child a, .spans [data-span], .kinds a')) {
      const there = new URL(link.href)
      there.searchParams.set('at', at)
      link.href = there
    }
    // What is taken or kept is what is shown.
    for (const link of document.querySelectorAll('.take a, a[data-keep]')) {
      link.search = here.search
    }
  }

  function pause() {
    clearInterval(ticking)
    ticking = 0
    told(false)
    // The sentence is said once more, now to those who listen too.
    said.textContent = moments[at].querySelector('span').textContent
  }

  function told(playing) {
    said.setAttribute('aria-live', playing ? 'off' : 'polite')
    for (const face of play.querySelectorAll('[data-playing]')) face.hidden = (face.dataset.playing === 'yes') !== playing
  }

  function toggle() {
    if (ticking) return pause()
    told(true)
    if (at === last) show(0)
    ticking = setInterval(() => { show(at + 1); if (at === last) pause() }, TICK)
  }

  function step(to) {
    if (ticking) pause()
    show(to)
  }

  play.hidden = false
  play.addEventListener('click', toggle)
  for (const link of glass.querySelectorAll('a[data-step]')) link.hidden = true
  for (const button of glass.querySelectorAll('button[data-step]')) {
    button.hidden = false
    button.addEventListener('click', () => step(at + Number(button.dataset.step)))
  }
  slider.addEventListener('input', () => step(Number(slider.value)))
  slider.form?.addEventListener('submit', event => event.preventDefault())
  for (const button of document.querySelectorAll('[data-classroom-without-script]')) button.hidden = true
  for (const note of glass.querySelectorAll('[data-keys]')) note.hidden = false

  // Nobody's own keys are taken: no control's, nor what scrolls. A letter, and what goes to the ends of the page, counts
  // only while the focus is in the room or on its buttons.
  document.addEventListener('keydown', event => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    if (event.target.closest('input, select, textarea, summary, [contenteditable], .scroll')) return
    const within = glass.contains(event.target)
    const ways = { ArrowLeft: at - onward, ArrowRight: at + onward, ...(within ? { Home: 0, End: last } : {}) }
    const to = ways[event.key]
    if (to !== undefined) { event.preventDefault(); step(to) }
    if (within && event.key.toLowerCase() === 'p') toggle()
  })

  glass.addEventListener('click', event => {
    const link = event.target.closest('[data-pupil] , [data-span]')
    if (!link?.href || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    follow(link)
  })

  let wanted = ''
  async function follow(link) {
    const file = glass.querySelector('[data-part=file]')
    const there = link.href
    wanted = there
    file.setAttribute('aria-busy', 'true')
    try {
      const fresh = kept ? held(link.dataset.pupil) : await asked(there)
      if (wanted !== there) return
      if (!fresh) return void location.assign(there)
      file.replaceChildren(...fresh.childNodes)
      if (link.dataset.pupil) choose(link.dataset.pupil)
      if (!kept) go(new URL(there).searchParams)
      grow(at)
      if (link.dataset.span) file.querySelector(`[data-span="${link.dataset.span}"]`)?.focus()
    } finally {
      file.removeAttribute('aria-busy')
    }
  }

  function held(pupil) {
    return glass.querySelector(`template[data-file="${pupil}"]`).content.cloneNode(true)
  }

  async function asked(there) {
    const answer = await fetch(there, { headers: { accept: 'text/html' } })
    const told = new DOMParser().parseFromString(await answer.text(), 'text/html')
    return answer.ok ? told.querySelector('[data-part=file]') : null
  }

  function choose(pupil) {
    glass.querySelector('[data-part=file]').dataset.pupil = pupil
    for (const other of glass.querySelectorAll('.child a')) {
      const chosen = other.dataset.pupil === pupil
      if (chosen) other.setAttribute('aria-current', 'true')
      else other.removeAttribute('aria-current')
      other.closest('.child').classList.toggle('followed', chosen)
    }
  }

  // Every form and link goes on from the child and the span that are shown.
  function go(asked) {
    const changed = { pupil: glass.querySelector('[data-part=file]').dataset.pupil }
    if (asked.has('span')) changed.span = asked.get('span')
    for (const [name, value] of Object.entries(changed)) {
      for (const field of glass.querySelectorAll(`input[name=${name}]`)) field.value = value
    }
    for (const other of changed.span ? glass.querySelectorAll('.child a') : []) {
      const address = new URL(other.href)
      address.searchParams.set('span', changed.span)
      other.href = address
    }
    address(changed)
  }

  // The file grows with the day: today's square, or the ring around the look.
  function grow(to) {
    const file = glass.querySelector('[data-part=file]')
    const squares = [...file.querySelectorAll('.squares > g')]
    const ring = file.querySelector('.ring')
    const held = [...file.querySelectorAll('[data-grown] li')].filter(one => Number(one.dataset.at) <= to).pop()
    if (held) file.querySelector('[data-file-said]').textContent = held.textContent
    if (!ring) return
    if (file.querySelector('.span-day')) {
      const box = squares[to]?.querySelector('[data-kind]')
      if (!box) return
      squares[to].append(ring)
      for (const [name, by] of [['x', -1.5], ['y', -1.5], ['width', 3], ['height', 3]]) {
        ring.setAttribute(name, Number(box.getAttribute(name)) + by)
      }
      return
    }
    const today = file.querySelector('[data-today]')
    if (!today || !held) return
    const kinds = ['wrong', 'right'].filter(kind => Number(held.dataset[kind]))
    if (!kinds.length) kinds.push('none')
    const size = name => Number(ring.getAttribute(name))
    const width = (size('width') - 3) / kinds.length
    today.replaceChildren(...kinds.map((kind, i) => {
      const box = document.createElementNS(SVG, 'rect')
      box.setAttribute('class', kind)
      box.dataset.kind = kind
      box.setAttribute('x', size('x') + 1.5 + i * width)
      box.setAttribute('y', size('y') + 1.5)
      box.setAttribute('width', width)
      box.setAttribute('height', size('height') - 3)
      return box
    }), ring)
  }
}

function readChild(place) {
  return {
    place,
    moods: place.dataset.moods ? place.dataset.moods.split(' ') : [],
    labels: place.dataset.labels.split(' '),
    codes: place.dataset.codes,
  }
}

function draw(child, at, words) {
  const find = what => child.place.querySelector(`[data-${what}]`)
  const mood = document.getElementById(`mood-${child.moods[at]}`)
  const judged = JUDGED[child.codes[at]]
  find('feels').textContent = mood.dataset.state
  find('head').setAttribute('transform', `rotate(${mood.dataset.tilt} 0 26)`)
  find('turned').setAttribute('transform', `translate(${mood.dataset.turn} 0)`)
  child.place.querySelector('use').setAttribute('href', `#${mood.id}`)
  child.place.querySelector('.card').dataset.judged = judged
  find('sign').textContent = SIGNS[judged]
  find('written').textContent = document.getElementById(`label-${child.labels[at]}`).textContent
  find('verdict').textContent = words[judged] || ''
}
