/**
 * The parameters of a message, found by the compiler. An ICU message is text and arguments in braces, of which plurals
 * and selections hold messages again; behind the brace that closes such a message comes the next one, or another
 * brace that closes the argument.
 */
export type ParametersOf<Message extends string> = InText<Message, never>;

/** The tags of a message, such as `em` of <em>words</em>. */
export type TagsOf<Message extends string> = Message extends `${string}</${infer Tag}>${infer Rest}`
  ? Tag | TagsOf<Rest>
  : never;

type InText<Text extends string, Found> = Text extends `${infer Before}{${infer Argument}`
  ? Before extends `${string}}${string}`
    ? Text extends `${string}}${infer After}`
      ? BetweenTexts<After, Found>
      : Found
    : InArgument<Argument, Found>
  : Text extends `${string}}${infer After}`
    ? BetweenTexts<After, Found>
    : Found;

type InArgument<Argument extends string, Found> = Argument extends `${infer Inside}}${infer After}`
  ? Inside extends `${infer Name},${string}`
    ? Argument extends `${Name},${infer Style}`
      ? BetweenTexts<Style, Found | Name>
      : Found
    : InText<After, Found | Inside>
  : Found;

/** In a plural or a selection: the brace that comes first opens one of its messages, or closes it. */
type BetweenTexts<Style extends string, Found> = Style extends `${infer Before}{${infer Message}`
  ? Before extends `${string}}${string}`
    ? Style extends `${string}}${infer After}`
      ? InText<After, Found>
      : Found
    : InText<Message, Found>
  : Style extends `${string}}${infer After}`
    ? InText<After, Found>
    : Found;
