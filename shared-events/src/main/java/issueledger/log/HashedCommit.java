package issueledger.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.List;

/** A commit whose payloads are hashed by the thread that brought it, so that the one that holds the log's lock has little left to do. */
public final class HashedCommit {
    private final Commit commit;
    private final List<HashedEvent> events;
    private volatile boolean givenUp;

    public HashedCommit(Commit commit) {
        this.commit = commit;
        this.events = commit.events().stream().map(HashedEvent::new).toList();
    }

    /** Its sender was told that the outcome is not known. It may still land where it was sent to, but is sent nowhere else. */
    void giveUp() {
        givenUp = true;
    }

    public boolean isGivenUp() {
        return givenUp;
    }

    public Commit commit() {
        return commit;
    }

    /** How many bytes its payloads and metadata have. */
    public int bytes() {
        return events.stream().mapToInt(HashedEvent::bytes).sum();
    }

    /**
     * The commit's hash at its place in the chain.
     *
     * @param previousHash lower-case hex
     * @param recordedAt as it is stored
     */
    public String hash(String previousHash, long firstPosition, String recordedAt) {
        MessageDigest digest = CommitHash.digest();
        digest.update(CommitHash.HEX.parseHex(previousHash));
        long position = firstPosition;
        for (HashedEvent event : events) {
            digest.update(event.entry(position++, recordedAt).getBytes(UTF_8));
        }
        return CommitHash.HEX.formatHex(digest.digest());
    }
}
