import type { Laboratory } from '../run/laboratory';

/** Every variant of every preset. */
export function RunChoice({ laboratory }: { laboratory: Laboratory }) {
  const presets = laboratory.run.presets.value;
  const { preset, variant } = laboratory.run.configuration.value ?? {};
  const { engine, workers } = laboratory.request.value;
  const choose = (value: string): void => {
    const [name = '', choice = ''] = value.split('/');
    const first = presets.find((one) => one.name === name)?.variants[0];
    laboratory.open({
      preset: name,
      variant: choice === first ? '' : choice,
      engine,
      workers,
      overrides: {},
    });
  };
  return (
    <label class="run-choice">
      <span>Run</span>
      <select
        value={`${preset}/${variant}`}
        disabled={presets.length === 0}
        onChange={(event) => {
          choose(event.currentTarget.value);
        }}
      >
        {presets.map(({ name, title, variants }) => (
          <optgroup key={name} label={title}>
            {variants.map((choice) => (
              <option key={choice} value={`${name}/${choice}`}>
                {name}, {choice}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}
