/** A model and its optimiser after `step` updates. */
export interface ModelState {
  readonly step: number;
  readonly parameters: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
}

/** Everything that changes while a model trains: a run that goes on from it ends with the same bits. */
export interface TrainingState extends ModelState {
  /** Where training goes back to when it goes astray. */
  readonly lastGood: ModelState;
  /** How many steps in a row had losses far above that of predicting zero. */
  readonly badSteps: number;
}

const arraysOf = ({ parameters, firstMoment, secondMoment }: ModelState): Float32Array[] => [
  parameters,
  firstMoment,
  secondMoment,
];

/** The memory of a state, to be given along with a message. */
export const buffersOf = (state: TrainingState): ArrayBuffer[] =>
  [...arraysOf(state), ...arraysOf(state.lastGood)].map(({ buffer }) => buffer as ArrayBuffer);
