package issueledger.template;

import issueledger.template.Template.Reference;
import java.util.ArrayList;
import java.util.List;

final class ReferencesReader extends EntriesReader {
    private final List<Reference> references = new ArrayList<>();

    ReferencesReader(Markdown document, Remarks remarks) {
        super(Section.REFERENCES, document, remarks);
    }

    @Override
    void readEntry(String entry, int line) {
        remarks.checked(line, () -> references.add(Values.reference(entry)));
        String title = Values.linkTitle(entry);
        if (title != null) {
            remarks.note(title, line, "a link's title is kept as a PROGRESS note");
        }
    }

    List<Reference> references() {
        return List.copyOf(references);
    }
}
