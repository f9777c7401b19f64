package issueledger.projections;

import com.mongodb.MongoException;
import issueledger.http.Problems;
import issueledger.log.Unavailable;
import issueledger.log.mongo.MongoErrors;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;

/** The views' store does not answer. */
public final class ViewsUnavailable extends Unavailable {
    ViewsUnavailable(String message, @Nullable Throwable cause) {
        super(Outcome.NOT_APPENDED, message, cause);
    }

    /** Goes before {@link Problems}, which would answer 500. */
    @ControllerAdvice
    @Order(0)
    static class Handler {
        @ExceptionHandler
        void unavailable(MongoException e, HttpServletRequest request, HttpServletResponse response)
                throws IOException {
            ViewsUnavailable unavailable = new ViewsUnavailable("The MongoDB database " + MongoErrors.sentence(e), e);
            Problems.write(Problems.unavailable(unavailable, request), request, response);
        }
    }
}
