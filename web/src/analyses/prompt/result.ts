import { matrix, number, numbers, optional, record, type Shaped } from '../shape';

const tunedPrompt = record({
  learning_rate: number,
  token: matrix,
  prefix: optional(matrix),
  training_loss: numbers,
  before: numbers,
  after: numbers,
});

export const promptResult = record({
  sequences: number,
  updates: number,
  no_eos: numbers,
  eos: tunedPrompt,
  eos_and_prefix: tunedPrompt,
});

export type PromptResult = Shaped<typeof promptResult>;
