import type { Snapshot } from '../worker/messages';
import { Analyst, type Conduct } from './analyst';
import { checkResult, type AnalysisKind, type AnalysisResult } from './results';

export interface AnalysisOptions extends Conduct {
  /** Of those analyses that train something; as many as they need unless given. */
  readonly updates?: number | undefined;
}

/** What an analysis found. */
export interface Analysis<Kind extends AnalysisKind = AnalysisKind> {
  readonly kind: Kind;
  /** The step of the run that it looked at. */
  readonly step: number;
  readonly result: AnalysisResult<Kind>;
}

/** Kinds that train something, which takes longer than a visitor should wait for the others. */
const longKinds: readonly AnalysisKind[] = ['prompt', 'linearise'];

/** The page's analyses: quick ones do not wait for long ones. */
export class Analyses {
  private readonly quick = new Analyst();
  private readonly long = new Analyst();

  async analyze<Kind extends AnalysisKind>(
    kind: Kind,
    snapshot: Snapshot,
    { updates = 0, ...conduct }: AnalysisOptions,
  ): Promise<Analysis<Kind>> {
    const analyst = longKinds.includes(kind) ? this.long : this.quick;
    const result = await analyst.analyze({ kind, snapshot, updates }, conduct);
    return { kind, step: snapshot.step, result: checkResult(kind, result) };
  }
}
