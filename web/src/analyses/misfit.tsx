import type { ComponentChildren } from 'preact';
import { eitherOf } from '../i18n/lists';
import { integer } from '../i18n/numbers';
import type { Misfit } from '../protocol/results';
import { say } from './messages';
import styles from './panel.module.css';

export const misfitOf = (misfits: readonly Misfit[], kind: string): Misfit | undefined =>
  misfits.find((misfit) => misfit.kind === kind);

const asSetting = (name: string) => (
  <code class={styles.setting} translate={false}>
    {name}
  </code>
);

/** The most telling of the messages that there are for a misfit. */
function messageOf({ kind, code, field }: Misfit) {
  const key = [`misfit.${kind}.${field}`, `misfit.${code}.${field}`, `misfit.${code}`].find(say.has);
  return key !== undefined && say.has(key) ? key : 'misfit.other';
}

/** Why an analysis cannot be made of a model, and what would help. */
export function MisfitNotice({ misfit }: { misfit: Misfit }) {
  const values: Record<string, ComponentChildren> = { field: asSetting(misfit.field) };
  for (const [name, value] of Object.entries(misfit.parameters)) {
    if (typeof value === 'number') values[name] = integer(value);
    else values[name] = asSetting(typeof value === 'string' ? value : eitherOf(value));
  }
  return <p class={styles.prose}>{say.richDynamic(messageOf(misfit), values)}</p>;
}
