import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { AnalysisPanel as AnalysisPanelType, Desk } from '../analysis/analysis-panel';
import type { Laboratory } from '../run/laboratory';
import type { Configuration } from '../worker/configuration';
import { Tabs } from './tabs';
import { views, type View } from './views';
import { WeightsView } from './weights-view';

/** The trained model, taken apart in the way that is chosen. */
export function TakeApart({ laboratory }: { laboratory: Laboratory }) {
  const configuration = laboratory.run.configuration.value;
  const view: View = views.find(({ name }) => name === laboratory.view.value) ?? views[0];
  return (
    <section class="take-apart">
      <h2>Take it apart</h2>
      <Tabs
        label="Ways to take the model apart"
        tabs={views.map(({ name, label, misfit }: View) => ({
          name,
          label,
          fits: !configuration || misfit?.(configuration) === undefined,
        }))}
        chosen={view.name}
        onChoose={(name) => {
          laboratory.show(name === views[0].name ? '' : name);
        }}
      >
        {configuration && <Panel laboratory={laboratory} configuration={configuration} view={view} />}
      </Tabs>
    </section>
  );
}

interface PanelProps {
  readonly laboratory: Laboratory;
  readonly configuration: Configuration;
  readonly view: View;
}

function Panel({ laboratory, configuration, view }: PanelProps) {
  const analyses = useAnalyses(laboratory, view.name !== 'weights');
  const { run } = laboratory;
  const misfit = view.misfit?.(configuration);
  if (misfit !== undefined) return <p class="prose">{misfit}</p>;
  if (view.name === 'weights') {
    return <WeightsView key={configuration.layers} run={run} configuration={configuration} />;
  }
  if (analyses === 'lost') {
    return <p role="alert">What takes models apart could not be loaded. Reload the page to try again.</p>;
  }
  if (!analyses) return <p class="prose">Loading.</p>;
  const { AnalysisPanel, desk } = analyses;
  return (
    <AnalysisPanel key={view.name} desk={desk} run={run} configuration={configuration} kind={view.name} />
  );
}

interface LoadedAnalyses {
  readonly AnalysisPanel: typeof AnalysisPanelType;
  readonly desk: Desk;
}

/** What it takes to show analyses, loaded when they are first wanted and training has begun. */
function useAnalyses(laboratory: Laboratory, wanted: boolean): LoadedAnalyses | 'lost' | undefined {
  const loaded = useSignal<LoadedAnalyses | 'lost' | undefined>(undefined);
  const due = wanted && laboratory.run.newest.value !== undefined;
  useEffect(() => {
    if (!due || loaded.value) return;
    import('../analysis/analysis-panel').then(
      ({ AnalysisPanel, Desk }) => {
        loaded.value = { AnalysisPanel, desk: new Desk(laboratory) };
      },
      () => {
        loaded.value = 'lost';
      },
    );
  }, [due, loaded, laboratory]);
  return loaded.value;
}
