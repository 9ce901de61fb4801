import { useSignal } from '@preact/signals';
import type { AddressNote } from '../address/notes';
import { eitherOf } from '../i18n/lists';
import { Notice } from '../ui/notice';
import styles from './address-notice.module.css';
import { say } from './messages';

/** Names what of the address could not be used, until it is closed. The page goes on with the rest. */
export function AddressNotice({ notes }: { notes: readonly AddressNote[] }) {
  const closed = useSignal(false);
  if (notes.length === 0 || closed.value) return null;
  return (
    <Notice
      tone="note"
      heading={say('address.title')}
      onClose={() => {
        closed.value = true;
      }}
    >
      <ul class={styles.notes}>
        {notes.map((note) => (
          <li key={JSON.stringify(note)}>
            <Note note={note} />
          </li>
        ))}
      </ul>
      <p>{say('address.rest')}</p>
    </Notice>
  );
}

/** As it stands in the address, not to be translated. */
const asCode = (text: string | number) => <code translate={false}>{text}</code>;

function Note({ note }: { note: AddressNote }) {
  const key = asCode(note.key);
  switch (note.type) {
    case 'unknown-key':
      return say.rich('address.unknown-key', { key });
    case 'unknown-name':
      return say.rich('address.unknown-name', {
        key,
        names: asCode(eitherOf(note.names)),
        value: asCode(note.value),
      });
    case 'out-of-range':
      return say.rich('address.out-of-range', {
        key,
        minimum: asCode(note.minimum),
        maximum: asCode(note.maximum),
        value: asCode(note.value),
      });
    default:
      return say.rich(`address.${note.type}`, { key, value: asCode(note.value) });
  }
}
