// One process, one test after the other: they share a browser, and time what it does.

import './training.test.mjs';
import './controls.test.mjs';
import './charts.test.mjs';
import './weights.test.mjs';
import './analyses.test.mjs';
import './views.test.mjs';
import './address.test.mjs';
import './presets.test.mjs';
import './reproducibility.test.mjs';
import './security.test.mjs';
import './problems.test.mjs';
import './workers.test.mjs';
import './layout.test.mjs';
import './timing.test.mjs';
