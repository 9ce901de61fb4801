import { createMessages } from '../i18n/messages';

export const say = createMessages({
  en: {
    'tab.weights': 'Weights',
    'tab.compress': 'Compression',
    'tab.fit': 'One step',
    'tab.probe': 'Probes',
    'tab.binding': 'Binding',
    'tab.attention': 'Attention',
    'tab.few-shot': 'Few-shot',
    'tab.prompt': 'Prompt tuning',
    'tab.linearise': 'Linearise',
    'tab.kernel': 'Kernel',

    loading: 'Loading.',
    'order.start': 'Start',
    'order.cancel': 'Cancel',
    'order.progress': 'Progress of the analysis',
    'order.done': 'The analysis is done.',
    'order.failed': 'The analysis failed.',
    'order.cancelled': 'The analysis is cancelled.',

    'standing.measuring': 'Measuring.',
    'standing.share': 'Measuring: {share}.',
    'standing.fixed': 'The same at every step of this run.',
    'standing.repeated': 'As of step {step}, measured again as training goes on.',
    'standing.once': 'As of step {step}.',

    'problem.script_missing':
      'What shows this analysis could not be loaded. Try again, or reload the page if that does not help.',
    'problem.unavailable': 'What takes models apart could not be loaded. Training goes on without it.',
    'problem.lost': 'The analysis stopped: {reason}',
    'problem.memory':
      'This analysis needs more memory than there is. It can be done with a smaller model, or with shorter sequences.',
    'problem.unsupported': 'This browser cannot run this analysis.',
    'problem.configuration': 'The engine does not carry out this analysis. It says: {reason}',
    'problem.retry': 'Try again',

    'misfit.compress.attention':
      'Only a model of linear layers can be compressed: in these the two weight products are all there is. Choose such a run, linear-1 or linear-6 for example.',
    'misfit.compress.normalise_query_key':
      'Only a model without query–key normalisation can be compressed: with it, the two weight products are not all there is. Switch off {field}.',
    'misfit.compress.positional_encoding':
      'Only a model without positional encoding can be compressed: with it, the two weight products are not all there is. Switch off {field}.',
    'misfit.fit.layers':
      'Only a model of one layer is compared with one step. Choose such a run, linear-1 for example.',
    'misfit.fit.tokens':
      'Only a model whose tokens hold the current and the previous point is compared with one step. Choose such a run, linear-1 for example.',
    'misfit.prompt.tokens':
      'Only a model that reads the bare points can be given a prompt. Choose such a run, few-shot-hybrid-mesa for example.',
    'misfit.linearise.attention':
      'This model has no softmax layer that could be made linear. Choose a run with one, softmax-2 for example.',
    'misfit.kernel.task':
      'Lists of questions and answers have no fixed number of points for each dimension. Choose a run of another task, linear-1 for example.',

    'misfit.out_of_range':
      'For this analysis {field} has to be from {minimum} to {maximum}, and here it is {got}.',
    'misfit.out_of_range.sequence_length':
      'The sequences of this run are too short for this analysis. It needs {minimum} positions, and there are {got}. Raise {field}.',
    'misfit.not_multiple':
      'For this analysis {field} has to be a multiple of {other}, that is of {of}. Here it is {got}.',
    'misfit.needs': 'For this analysis {field} has to be {expected}, and here it is {got}.',
    'misfit.needs_some': 'For this analysis {field} has to include {expected}, and here it is {got}.',
    'misfit.other': 'This analysis cannot be made of this model, because of its setting {field}.',
  },
});
