import js from '@eslint/js';
import boundaries from 'eslint-plugin-boundaries';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import ts from 'typescript-eslint';

/** The folders of the page, from below: none imports one above it. */
const folders = [
  'protocol',
  'i18n',
  'styles',
  'ui',
  'charts',
  'engine',
  'run',
  'address',
  'analyses',
  'figures',
  'entries',
];

/** The workers' code reaches the page as a worker only, and has no page around it. */
const workerSide = 'engine';
const mayImport = (folder, place) =>
  folder === workerSide
    ? ['protocol', workerSide]
    : folders.slice(0, place + 1).filter((lower) => lower !== workerSide);

export default ts.config(
  { ignores: ['**/node_modules/', '**/build/'] },
  js.configs.recommended,
  {
    files: ['web/src/**/*.{ts,tsx}'],
    extends: [...ts.configs.strictTypeChecked, ...ts.configs.stylisticTypeChecked],
    plugins: { 'react-hooks': reactHooks },
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      ...reactHooks.configs.recommended.rules,
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    files: ['web/src/**/*.{ts,tsx}'],
    plugins: { boundaries },
    settings: {
      'import/resolver': { node: { extensions: ['.ts', '.tsx'] } },
      'boundaries/include': ['web/src/**/*'],
      'boundaries/elements': folders.map((folder) => ({ type: folder, pattern: `web/src/${folder}` })),
    },
    rules: {
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          policies: folders.map((folder, place) => ({
            from: { element: { type: folder } },
            allow: { to: { element: { type: mayImport(folder, place) } } },
          })),
        },
      ],
      'boundaries/no-unknown-files': 'error',
    },
  },
  {
    files: ['web/*.js', 'tests/**/*.mjs'],
    languageOptions: { globals: globals.node },
  },
  {
    // Tests hand functions to the browser, where other globals hold.
    files: ['tests/browser/**/*.mjs', 'tests/bench/**/*.mjs'],
    languageOptions: { globals: globals.browser },
  },
);
