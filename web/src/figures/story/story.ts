import type { Configuration } from '../../protocol/run-spec';
import { say } from './messages';

/** What the sequences are, and what that asks of a model. */
export function taskStory({ task = 'linear' }: Configuration): string {
  const key = `task.${task}`;
  return say.dynamic(say.has(key) ? key : 'task.other', {});
}

/** What training makes of the model. What holds for some models only is said for them only. */
export function modelStory({ task = 'linear', attention = 'linear', layers = 1 }: Configuration): string {
  if (task === 'fixed_teacher') return say('model.memory');
  if (layers === 1 && attention === 'linear') return say('model.one-step');
  return say(String(attention).includes('mesa') ? 'model.mesa' : 'model.deep');
}
