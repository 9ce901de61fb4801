import { matrix, numbers, record, type Shaped } from '../shape';

export const bindingResult = record({ lags: numbers, relative_error: matrix });

export type BindingResult = Shaped<typeof bindingResult>;
