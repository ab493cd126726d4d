package import Confinement
package import Text

/// What was decided at installation, for the names under which the tender takes another's place.
package enum Installation {
  /// The names of the tender that Brig takes the place of; launchers look for the second one first.
  private static var compatibleNames: [Text] { ["solo5-hvt", "solo5-hvt.2"] }

  /// How much of the seal a program of this name needs, if no option says.
  ///
  /// Installing with `COMPAT_CONFINE=fallback` builds a program that needs less under the compatible names. The
  /// environment can't decide it, because in a container whoever made the image sets the environment.
  package static func confinement(_ program: Text) -> Confinement {
    #if COMPAT_FALLBACK
      if compatibleNames.contains(program) { return .fallback }
    #endif
    return .full
  }
}
