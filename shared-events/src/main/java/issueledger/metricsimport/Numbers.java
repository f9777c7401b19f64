package issueledger.metricsimport;

import issueledger.events.Checks;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Decimal numbers as tools write them, and as the log holds them. */
final class Numbers {
    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d{1,3})?");
    private static final int LONGEST = 400;

    private Numbers() {}

    /** Null if the text is no number, or one that no tool writes. */
    static @Nullable BigDecimal read(String text) {
        return text.length() <= LONGEST && NUMBER.matcher(text).matches() ? new BigDecimal(text) : null;
    }

    /** Null for a number whose exponent is beyond that of a tool's. */
    static @Nullable BigDecimal bounded(BigDecimal number) {
        return Math.abs((long) number.scale()) <= LONGEST && number.precision() <= LONGEST ? number : null;
    }

    /** Rounded half up to 18 significant digits and 18 places, without zeros at its end. */
    static BigDecimal fit(BigDecimal exact) {
        BigDecimal rounded = exact.round(new MathContext(Checks.DECIMAL_DIGITS, RoundingMode.HALF_UP));
        if (rounded.scale() > Checks.DECIMAL_DIGITS) {
            rounded = rounded.setScale(Checks.DECIMAL_DIGITS, RoundingMode.HALF_UP);
        }
        BigDecimal plain = rounded.signum() == 0 ? BigDecimal.ZERO : rounded.stripTrailingZeros();
        return plain.setScale(Math.max(0, plain.scale()));
    }
}
