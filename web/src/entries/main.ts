import { startPage } from './page';

const root = document.getElementById('laboratory');
if (!root) throw new Error('the page has no #laboratory');
startPage(root);
