package issueledger.template;

import issueledger.events.Checks;
import issueledger.template.Template.Reference;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.commonmark.node.LinkReferenceDefinition;
import org.commonmark.node.Node;
import org.jspecify.annotations.Nullable;

/** Reads references: links, bare URLs and other lines. */
final class ReferencesReader extends EntriesReader {
    private final List<Reference> references = new ArrayList<>();
    private final Set<String> used = new HashSet<>();

    ReferencesReader(Markdown document, Remarks remarks) {
        super(Section.REFERENCES, document, remarks);
    }

    /** Definitions are read with the links that they define; only one that no link names is a note. */
    @Override
    void read(List<Node> blocks) {
        super.read(blocks.stream()
                .filter(block -> !(block instanceof LinkReferenceDefinition))
                .toList());
        for (Node block : blocks) {
            if (block instanceof LinkReferenceDefinition definition && !used.contains(definition.getDestination())) {
                remarks.note(document.raw(List.of(block)));
            }
        }
    }

    @Override
    void readEntry(String entry, int line) {
        Link link = Link.at(entry, document);
        remarks.checked(line, () -> {
            Reference reference = reference(entry, link);
            Checks checks = new Checks();
            checks.line("/title", reference.title());
            checks.optionalUrl("/url", reference.url());
            checks.done();
            references.add(reference);
            if (link != null && link.url().equals(reference.url())) {
                used.add(link.url());
                if (link.title() != null && !link.title().isBlank()) {
                    remarks.note(link.title(), line, "a link's title is kept as a PROGRESS note");
                }
            }
        });
    }

    private static Reference reference(String entry, @Nullable Link link) {
        Escaped wrapped = Escaped.at(entry);
        if (wrapped != null && wrapped.rest().isEmpty()) {
            return new Reference(wrapped.value(), null);
        }
        if (wrapped != null
                && wrapped.rest().startsWith(" ")
                && Checks.isHttpUrl(wrapped.rest().substring(1))) {
            return new Reference(wrapped.value(), wrapped.rest().substring(1));
        }
        if (link != null && Checks.isHttpUrl(link.url()) && !link.text().isBlank()) {
            return new Reference(link.text() + link.rest().stripTrailing(), link.url());
        }
        String bare = entry.startsWith("<") && entry.endsWith(">") ? entry.substring(1, entry.length() - 1) : entry;
        return Checks.isHttpUrl(bare) ? new Reference(titleOf(bare), bare) : new Reference(entry, null);
    }

    /** The URL, or its host and path where it is too long for a title. */
    private static String titleOf(String url) {
        if (Checks.isLine(url)) {
            return url;
        }
        URI uri = URI.create(url);
        String path = uri.getRawAuthority() + (uri.getRawPath() == null ? "" : uri.getRawPath());
        return path.length() <= Checks.LINE_LENGTH ? path : path.substring(0, Checks.LINE_LENGTH - 1) + "…";
    }

    List<Reference> references() {
        return List.copyOf(references);
    }
}
