package issueledger.template;

/** Reads a section of which each item of a list is an entry. */
abstract class EntriesReader extends SectionReader {
    EntriesReader(Section section, Markdown document, Remarks remarks) {
        super(section, document, remarks);
    }

    abstract void readEntry(String entry, int line);

    @Override
    final void readItem(Item item) {
        if (!item.beginsWithParagraph()) {
            remarks.note(new Text(item.written(), item.line()));
            return;
        }
        String entry = Values.joined(item.text()).strip();
        if (!remarks.isPlaceholder(Text.of(entry, item.line()))) {
            readEntry(entry, item.line());
            Text more = item.more();
            if (more != null) {
                remarks.note(more);
            }
        }
    }
}
