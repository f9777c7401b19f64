package issueledger.template;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Result of reading a document.
 *
 * @param template null where there are errors
 * @param errors what makes it unreadable, in the order of the lines
 * @param warnings what was read as something else than it may have been meant, in the order of the lines
 * @param resolutionLine the line that says the resolution; 1 where none does
 */
public record Reading(
        @Nullable Template template,
        List<Remark> errors,
        List<Remark> warnings,
        @JsonIgnore int resolutionLine) {

    /** @param line from 1 */
    public record Remark(int line, String detail) {}
}
