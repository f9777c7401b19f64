package issueledger.template;

/** A piece of the document and the line that it begins on, from 1; nothing in an exact one is interpreted. */
record Text(String text, int line, boolean exact) {
    Text(String text, int line) {
        this(text, line, false);
    }
}
