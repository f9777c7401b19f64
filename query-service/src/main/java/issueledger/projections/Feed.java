package issueledger.projections;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A projection's generations in a view store, and the right to feed them, which one process has at a time. */
public interface Feed {

    /** Takes the right to feed if it is free. To be called again and again by a process that has not got it. */
    boolean acquire();

    boolean isHeld();

    /** Shows that this process is alive; false if another one has taken the right. */
    boolean keep();

    /** Releases the right; the next process to look takes it. */
    void release();

    /** The generation that answers are read from, as stored now; null if there is none. */
    @Nullable
    Generation served();

    /** The generations that are stored and not served, oldest first. */
    List<Generation> others();

    /** A new, empty generation that nobody reads. */
    Generation begin();

    /** Makes a generation the one that answers are read from; null: none. */
    void serve(@Nullable Generation generation);

    void drop(Generation generation);

    /** A text that all processes of the store read and write, such as the state of a rebuild. */
    Optional<String> note(String name);

    void note(String name, String text);
}
