import { createMessages } from '../../i18n/messages';

export const say = createMessages({
  en: {
    'title.configuration': 'This run cannot be set up',
    'title.memory': 'This run needs too much memory',
    'title.unsupported': 'This browser cannot run the engine',
    'title.unavailable': 'The engine did not arrive',
    'title.diverged': 'Training went astray and was stopped',
    'title.lost': 'The engine stopped',

    'configuration.unknown_key': 'There is no setting {field}.',
    'configuration.unknown_name': '{field} has to be {expected}. Here it is {got}.',
    'configuration.not_a_number': '{field} has to be a number. Here it is {got}.',
    'configuration.not_whole': '{field} has to be a whole number. Here it is {got}.',
    'configuration.out_of_range': '{field} has to be from {minimum} to {maximum}. Here it is {got}.',
    'configuration.out_of_range.dependent':
      'With {depends_on} as they are, {field} has to be from {minimum} to {maximum}. Here it is {got}.',
    'configuration.out_of_range.decay_steps':
      '{field} has to be 0, for a learning rate that does not decay, or more than {depends_on}: from {minimum} to {maximum}. Here it is {got}.',
    'configuration.not_multiple':
      '{field} has to be a multiple of {other}, that is of {of}. Here it is {got}.',
    'configuration.needs': '{field} has to be {expected} for this run. Here it is {got}.',
    'configuration.needs_some': '{field} has to have {expected} in it for this run. Here it is {got}.',
    'configuration.no_relaxed_simd':
      'This browser does not have the faster instructions that the engine {relaxed} needs. The engine {simd128} computes the same here, a little slower.',
    'configuration.other': 'The engine refuses the setting {field}. It says: {reason}',

    'memory.too_large':
      'The run would need {megabytes} MB, and a page may take {limit} MB. A smaller {remedies} would help. All other runs stay available.',
    'memory.changed':
      'With {changed} as set here, the run needs more memory than the browser gives. Smaller values, or a page by itself, may help. All other runs stay available.',
    'memory.other':
      'The browser gives the run no more memory. A run with smaller settings, or in a page by itself, may still fit. All other runs stay available.',

    'unsupported.no_webassembly':
      'The engine is made of WebAssembly, which this browser does not have, or which is switched off, as it is in lockdown modes. Chrome, Edge, Firefox and Safari of the last years have it. What is written here can be read all the same.',
    'unsupported.no_simd':
      'The engine needs WebAssembly with SIMD: Chrome or Edge from 91, Firefox from 89, or Safari from 16.4. What is written here can be read all the same.',
    'unsupported.no_workers':
      'The engine computes in web workers, which this browser does not have or does not allow here. Chrome or Edge from 91, Firefox from 114 and Safari from 16.4 have all it needs. What is written here can be read all the same.',
    'unsupported.no_module_workers':
      'The engine computes in workers made of modules: Chrome or Edge from 80, Firefox from 114, or Safari from 15. What is written here can be read all the same.',
    'unsupported.opaque_origin':
      'This page stands in a frame that is shut off from the server it comes from, so that its engine cannot be loaded. Opened in a window of its own, it runs.',
    'unsupported.other':
      'Chrome or Edge from 91, Firefox from 114 and Safari from 16.4 have all it needs. What is written here can be read all the same.',

    'unavailable.worker_missing':
      'The script that trains did not arrive from the server. What has been shown stays, and it can be tried again.',
    'unavailable.module_missing':
      'The part of the engine that is called {module} did not arrive from the server. What has been shown stays, and it can be tried again.',
    'unavailable.other':
      'A part of the engine did not arrive from the server. What has been shown stays, and it can be tried again.',

    'diverged.not_finite':
      'The loss stopped being a finite number. The model is back as it was after step {step}, the last one that was sound.',
    'diverged.astray':
      'The loss stayed far above that of predicting zero. The model is back as it was after step {step}, the last one that was sound.',
    'diverged.other': 'The model is back as it was when it was last sound.',

    'lost.silent': 'It no longer answers. The run can be started again, and all other runs are available.',
    'lost.threw':
      'An error stopped it: {reason}. The run can be started again, and all other runs are available.',
    'lost.other': 'The run can be started again, and all other runs are available.',

    'remedy.without': 'Train without {field}',
    'remedy.preset': 'Train {preset} without changed settings',
    'remedy.default': 'Open the default run',
    'remedy.slower': 'Train with a learning rate of {rate}',
    'remedy.simd128': 'Train with the engine simd128',
    'remedy.again': 'Start the run again',
    'remedy.retry': 'Try again',

    'figure.broken.title': 'This figure cannot be shown',
    'figure.broken': 'It met an error. The rest of the page works on. The error says: {reason}',
    'figure.retry': 'Show it again',
  },
});
