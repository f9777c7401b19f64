package issueledger.projections;

import com.mongodb.MongoException;
import issueledger.http.Problems;
import issueledger.log.Unavailable;
import issueledger.log.mongo.MongoErrors;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.annotation.Order;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;

/** The views' database does not answer. */
final class ViewsUnavailable extends Unavailable {
    private ViewsUnavailable(MongoException e) {
        super(Outcome.NOT_APPENDED, "The MongoDB database " + MongoErrors.sentence(e), e);
    }

    /** Goes before {@link Problems}, which would answer 500. */
    @ControllerAdvice
    @Order(0)
    static class Handler {
        @ExceptionHandler
        void unavailable(MongoException e, HttpServletRequest request, HttpServletResponse response)
                throws IOException {
            Problems.write(Problems.unavailable(new ViewsUnavailable(e), request), request, response);
        }
    }
}
