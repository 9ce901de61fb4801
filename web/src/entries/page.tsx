import { effect } from '@preact/signals';
import { fields, presets } from '@facts';
import { render } from 'preact';
import { formatPageState } from '../address/format';
import type { Facts } from '../address/facts';
import { parsePageState, type ParsedAddress } from '../address/parse';
import { AddressWriter } from '../address/writer';
import { analyses } from '../analyses/registry';
import type { Figure } from '../figures/figure';
import { FigureView } from '../figures/figure-view';
import { installMesaLab } from '../figures/mesa-lab';
import { PageFigures } from '../figures/page-figures';
import { StandIn } from '../figures/problems/stand-in';
import { setLanguage } from '../i18n/language';
import { EnginePool } from '../run/engine-pool';
import { setTheme } from '../styles/theme';
import { AddressNotice } from './address-notice';
import { chooseLanguage } from './choose-language';
import { findObstacle } from './obstacles';

/** How long the first drawing may wait for the first step. */
const patienceMilliseconds = 250;

const facts: Facts = { fields, presets, views: analyses.map(({ kind }) => kind) };

/** The page of one figure, which its address describes. */
export function startPage(root: HTMLElement): void {
  const address = parsePageState(location.search, facts);
  setLanguage(chooseLanguage(address.state.lang, navigator.languages));
  setTheme(address.state.theme);
  const obstacle = findObstacle(window);
  if (obstacle) {
    root.replaceChildren();
    render(<StandIn problem={obstacle} />, root);
    return;
  }
  const page = new PageFigures(new EnginePool());
  const figure = page.open(address.state.figure);
  installMesaLab(page);
  figure.expect();
  followInAddress(figure, address);
  void drawAfterFirstStep(figure, () => {
    root.replaceChildren();
    render(
      <>
        <AddressNotice notes={address.notes} />
        <FigureView page={page} figure={figure} />
      </>,
      root,
    );
  });
}

/** The address says what the page shows, so that it can be shared. As long as nothing is changed, it stays as it came. */
function followInAddress(figure: Figure, { state, foreign }: ParsedAddress): void {
  const writer = new AddressWriter(window);
  const came = figure.spec.peek();
  effect(() => {
    const shown = figure.spec.value;
    if (shown !== came) writer.write(formatPageState({ ...state, figure: shown }, foreign));
  });
  addEventListener('pagehide', () => {
    writer.flush();
  });
}

/** To draw the page takes the browser longer than to start the engine, which needs it too: the engine goes first. */
async function drawAfterFirstStep(figure: Figure, draw: () => void): Promise<void> {
  let stopWaiting = (): void => undefined;
  await new Promise<void>((resolve) => {
    setTimeout(resolve, patienceMilliseconds);
    stopWaiting = effect(() => {
      if (figure.run.state.step.value > 0) resolve();
    });
  });
  // By now whoever listens has heard of the step.
  stopWaiting();
  draw();
}
