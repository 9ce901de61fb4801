import { useEffect, useMemo } from 'preact/hooks';
import { misfitOf } from '../analyses/misfit';
import { AnalysisPanel } from '../analyses/panel';
import { analyses } from '../analyses/registry';
import { AnalysisWatcher } from '../analyses/watcher';
import { Tabs } from '../ui/tabs';
import type { Figure } from './figure';
import { say } from './messages';
import styles from './take-apart.module.css';

/** The model as it is now, taken apart in the way that is chosen. */
export function TakeApart({ figure }: { figure: Figure }) {
  const { run } = figure;
  const watcher = useMemo(() => new AnalysisWatcher(run), [run]);
  useEffect(
    () => () => {
      watcher.dispose();
    },
    [watcher],
  );
  const shown = analyses.filter(({ kind }) => figure.views.includes(kind));
  const chosen = shown.find(({ kind }) => kind === figure.view.value) ?? shown[0];
  if (!chosen) return null;
  const misfits = run.state.misfits.value;
  return (
    <section class={styles.takeApart} data-part="take-apart">
      <h2>{say('apart.title')}</h2>
      <Tabs
        label={say('apart.tabs')}
        tabs={shown.map(({ kind, label }) => ({
          name: kind,
          label: label(),
          fits: misfitOf(misfits, kind) === undefined,
        }))}
        chosen={chosen.kind}
        onChoose={(kind) => {
          figure.choose(kind);
        }}
      >
        <AnalysisPanel run={run} watcher={watcher} kind={chosen.kind} />
      </Tabs>
    </section>
  );
}
