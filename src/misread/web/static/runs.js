// While a run is under way, look again every two seconds.
import { refresh } from '/static/page.js'

const started = document.querySelector('[data-part="started"]')

async function again() {
  await refresh('/runs')
  if (started.querySelector('[data-still]')) setTimeout(again, 2000)
}

if (started.querySelector('[data-still]')) setTimeout(again, 2000)
