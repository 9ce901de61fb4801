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
import './cases-failures.test.mjs';
import './cases-divergence.test.mjs';
import './cases-long-runs.test.mjs';
import './cases-address.test.mjs';
import './cases-touch-and-print.test.mjs';
import './cases-bits.test.mjs';
import './cases-many-figures.test.mjs';
import './timing.test.mjs';
import './cases-timing.test.mjs';
