package issueledger.auditing;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.log.CommitHash;
import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import issueledger.proof.Hash;
import issueledger.proof.MerkleTree;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The leaves of a log or of an export, computed from its events and held in memory. */
final class ListedLeaves implements Leaves {
    private static final int PAGE = 2_000;

    private final List<Hash> leaves;

    private ListedLeaves(List<Hash> leaves) {
        this.leaves = leaves;
    }

    static ListedLeaves of(EventLog log, Progress progress) {
        ListedLeaves listed = new ListedLeaves(new ArrayList<>());
        long end = log.head().position();
        while (listed.size() < end) {
            List<RecordedEvent> page = log.read(listed.size(), (int) Math.min(PAGE, end - listed.size()));
            if (page.isEmpty()) {
                throw new UnreadableInput("nothing comes after position " + listed.size() + " of the log");
            }
            page.forEach(event -> listed.leaves.add(
                    MerkleTree.leaf(CommitHash.entry(event.position(), event.asNew(), event.recordedAt())
                            .getBytes(UTF_8))));
            progress.at(listed.size(), end, "events are read");
        }
        return listed;
    }

    /** Reads an export that begins with the log. Its hashes are not verified: its tree is compared with a checkpoint. */
    static ListedLeaves of(Path export, Progress progress) {
        ListedLeaves listed = new ListedLeaves(new ArrayList<>());
        try (BufferedReader lines = Files.newBufferedReader(export, UTF_8)) {
            String first = lines.readLine();
            JsonNode head = AuditJson.MAPPER.readTree(first == null ? "" : first);
            if (head.path("from").asLong(0) != 1) {
                throw new UnreadableInput(export + " is no export from position 1");
            }
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                ExportedEvent event = ExportedEvent.of(AuditJson.MAPPER.readTree(line));
                if (event.position() != listed.size() + 1) {
                    throw new UnreadableInput(export + " lacks position " + (listed.size() + 1));
                }
                listed.leaves.add(MerkleTree.leaf(event.entry()));
                progress.at(listed.size(), head.path("to").asLong(0), "events are read");
            }
            return listed;
        } catch (JacksonException | IllegalArgumentException e) {
            throw new UnreadableInput(
                    export + " cannot be read at position " + (listed.size() + 1) + ": it " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UnreadableInput(export + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The leaves of a smaller tree. */
    ListedLeaves first(long size) {
        if (size > leaves.size()) {
            throw new UnreadableInput("the export has " + leaves.size() + " events, the old checkpoint " + size);
        }
        return new ListedLeaves(leaves.subList(0, (int) size));
    }

    Hash root() {
        return MerkleTree.root(this, size());
    }

    @Override
    public long size() {
        return leaves.size();
    }

    @Override
    public Hash leaf(long index) {
        return leaves.get((int) index);
    }
}
