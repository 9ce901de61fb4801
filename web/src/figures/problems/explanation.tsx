import type { ComponentChildren } from 'preact';
import { eitherOf, inRow } from '../../i18n/lists';
import { integer } from '../../i18n/numbers';
import type { Problem, ProblemParameters } from '../../protocol/problem';
import { say } from './messages';

/** Words that are not translated: names and values as they stand in the address. */
const asCode = (text: string) => <code translate={false}>{text}</code>;

/** What is said of sizes is read as numbers; what is set is read as it is written. */
const counts = ['megabytes', 'limit', 'step'];

function shown(name: string, value: ProblemParameters[string]): ComponentChildren {
  if (typeof value === 'number') return counts.includes(name) ? integer(value) : asCode(String(value));
  if (name === 'reason') return value;
  return asCode(typeof value === 'string' ? value : eitherOf(value));
}

const dependsOn = ({ depends_on: fields = [] }: ProblemParameters): boolean =>
  typeof fields === 'object' && fields.length > 0;

/** The most telling of the messages that there are. Some name what was `changed` by hand. */
export function messageKey({ kind, code, field = '', parameters }: Problem, changed: readonly string[] = []) {
  const keys = [
    `${kind}.${code}.${field}`,
    ...(dependsOn(parameters) ? [`${kind}.${code}.dependent`] : []),
    `${kind}.${code}`,
    ...(changed.length > 0 ? [`${kind}.changed`] : []),
  ];
  const key = keys.find((one) => say.has(one));
  return key !== undefined && say.has(key) ? key : (`${kind}.other` as const);
}

interface ExplanationProps {
  readonly problem: Problem;
  /** The keys of the run's settings that were changed by hand. */
  readonly changed?: readonly string[];
}

/** What went wrong, in the language of the page. */
export function Explanation({ problem, changed = [] }: ExplanationProps) {
  const values: Record<string, ComponentChildren> = {
    field: asCode(problem.field ?? ''),
    reason: problem.message,
    changed: asCode(inRow(changed)),
    relaxed: asCode('relaxed'),
    simd128: asCode('simd128'),
  };
  for (const [name, value] of Object.entries(problem.parameters)) values[name] = shown(name, value);
  return <p>{say.richDynamic(messageKey(problem, changed), values)}</p>;
}
