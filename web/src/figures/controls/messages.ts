import { createMessages } from '../../i18n/messages';

export const say = createMessages({
  en: {
    'controls.label': 'Controls',
    'button.play': 'Play',
    'button.pause': 'Pause',
    'button.continue': 'Train on',
    'button.step': 'One step',
    'button.reset': 'Reset',
    'button.seed': 'New seed',
    'run.choice': 'Run',
    'run.name': '{preset}, {variant}',
    'progress.label': 'Progress of the run',

    'number.step': 'Step',
    'number.step.value': '{step} <unit>of {end}</unit>',
    'number.speed': 'Speed',
    'number.speed.value': '{rate} <unit>steps/s</unit>',
    'number.rate': 'Learning rate',
    'number.left': 'Time left',
    'number.seed': 'Seed',
    'number.engine': 'Engine',
    'number.workers': 'Workers',
    'left.done': 'done',
    'left.loading': 'loading the engine',
    'left.waiting': 'waiting for a free core',
    'left.parked': 'at rest until it is seen',

    'said.paused': 'paused',
    'said.training': 'training',
    'said.reset': 'back at step 0',
    'said.seed': 'new run with seed {seed}',
    'said.finished': 'the run is done',

    'keys.title': 'Keyboard',
    'keys.playOrPause': 'play or pause',
    'keys.step': 'one step',
    'keys.reset': 'reset',
    'keys.newSeed': 'new seed',
    'keys.arrows': 'read a chart or a map that has the focus',
    'keys.enabled': 'letters act as shortcuts',

    'sheet.settings': 'Changed settings',
    'sheet.settings.none': 'none',
  },
});
