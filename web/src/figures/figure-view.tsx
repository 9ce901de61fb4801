import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { language } from '../i18n/language';
import { AnnouncerProvider, useAnnounce } from '../ui/announcer';
import { Boundary } from '../ui/boundary';
import { createActions } from './controls/actions';
import { Controls } from './controls/controls';
import { ShortcutHelp } from './controls/shortcut-help';
import { figureAttribute, shortcutsOf } from './controls/shortcuts';
import { useShortcuts } from './controls/use-shortcuts';
import type { Figure } from './figure';
import styles from './figure-view.module.css';
import { Losses } from './losses/losses';
import { say } from './messages';
import type { PageFigures } from './page-figures';
import { variantOf } from './presets';
import { BrokenFigure } from './problems/broken-figure';
import { ProblemNotice } from './problems/problem-notice';
import { WhatYouSee } from './story/what-you-see';
import { TakeApart } from './take-apart';

interface FigureViewProps {
  readonly page: PageFigures;
  readonly figure: Figure;
}

/** A figure with all that belongs to it. Whatever happens in it leaves the others on the page alone. */
export function FigureView({ page, figure }: FigureViewProps) {
  return (
    <Boundary fallback={(error, retry) => <BrokenFigure error={error} onRetry={retry} />}>
      {/* In another language everything is written anew. */}
      <AnnouncerProvider key={language.value} of={figure.run.id}>
        <FigureParts page={page} figure={figure} />
      </AnnouncerProvider>
    </Boundary>
  );
}

function FigureParts({ page, figure }: FigureViewProps) {
  const element = useRef<HTMLDivElement>(null);
  const announce = useAnnounce();
  const { run } = figure;
  const actions = useMemo(() => createActions(run, announce), [run, announce]);
  const keys = useMemo(() => shortcutsOf(figure.controls), [figure]);
  useShortcuts(keys, actions, element, page);
  useLayoutEffect(() => (element.current ? figure.attach(element.current) : undefined), [figure]);
  const { preset, variant } = run.request.value;
  return (
    <div
      ref={element}
      class={styles.figure}
      role="group"
      aria-label={say('figure.label', { preset, variant: variantOf({ preset, variant }) })}
      tabIndex={-1}
      {...{ [figureAttribute]: figure.id }}
    >
      <Controls figure={figure} actions={actions} />
      <ProblemNotice figure={figure} home={element} />
      <Losses run={run} />
      <WhatYouSee run={run} />
      <TakeApart figure={figure} />
      {keys.length > 0 && <ShortcutHelp shortcuts={keys} page={page} />}
    </div>
  );
}
