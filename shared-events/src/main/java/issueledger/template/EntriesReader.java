package issueledger.template;

/** Reads a section of which each item of a list is an entry. */
abstract class EntriesReader extends SectionReader {
    EntriesReader(Section section, Markdown document, Remarks remarks) {
        super(section, document, remarks);
    }

    abstract void readEntry(String entry, int line);

    @Override
    final void readUnlabelled(Item item) {
        String written = item.written();
        if (!item.beginsWithParagraph()) {
            Text whole = new Text(written, item.line());
            if (!remarks.isNothing(whole)) {
                remarks.note(whole);
            }
            return;
        }
        String entry = Decoration.withoutBox(Values.joined(item.text()).strip());
        Text text = new Text(entry, item.line());
        if (!remarks.isPlaceholder(text) && !remarks.isNothing(text)) {
            readEntry(entry, item.line());
        }
        Text more = item.more();
        if (more != null) {
            remarks.note(more);
        }
    }
}
