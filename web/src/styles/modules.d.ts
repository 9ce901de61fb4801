/** The names that a style sheet gives to its classes, by those it is written with. */
declare module '*.module.css' {
  const names: Readonly<Record<string, string>>;
  export default names;
}
