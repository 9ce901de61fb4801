import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import ts from 'typescript-eslint';

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
    files: ['web/*.js', 'tests/**/*.mjs'],
    languageOptions: { globals: globals.node },
  },
  {
    // Tests hand functions to the browser, where other globals hold.
    files: ['tests/browser/**/*.mjs', 'tests/bench/**/*.mjs'],
    languageOptions: { globals: globals.browser },
  },
);
