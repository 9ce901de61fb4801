import { render } from 'preact';
import { installMesaLab } from './api/mesa-lab';
import { App } from './app/app';
import { Laboratory } from './run/laboratory';
import { parseAddress } from './run/address';

/** How long the first drawing may wait for the first step. */
const patienceMilliseconds = 250;

const root = document.getElementById('laboratory');
if (!root) throw new Error('the page has no #laboratory');

const laboratory = new Laboratory(parseAddress(location.search));
installMesaLab(laboratory);

// To draw the page takes the browser longer than to start the engine, which needs it too: the engine goes first.
let drawn = false;
function draw(): void {
  if (drawn || !root) return;
  drawn = true;
  root.replaceChildren();
  render(<App laboratory={laboratory} />, root);
}

laboratory.onChange(() => {
  if (laboratory.run.step.value > 0) draw();
});
setTimeout(draw, patienceMilliseconds);
